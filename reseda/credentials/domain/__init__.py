"""The credentials engine: documents, proofs, status lists, carriers and their verification.

Keys, moments and whatever must be fetched are arguments; nothing here reads a clock or a network.
Standards: Open Badges 3.0 (1EdTech), Verifiable Credentials Data Model 2.0, Data Integrity
eddsa-rdfc-2022 and Bitstring Status List 1.0 (W3C).
"""
