"""The rules of service: how days are counted, against which ceilings, what a period respects."""
