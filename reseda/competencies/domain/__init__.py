"""The rules of a framework: what a tree may be, how a file of it is read; no database here."""
