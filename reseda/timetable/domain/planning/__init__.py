"""The conciliation planner: which reservist serves which offered period, studies first.

A plan of one person is exact (dynamic programme over compatible sets of offers); the plans of a
whole school share the places of each offer (column generation, Dantzig and Wolfe, 1960), with a
proof or a bound. Every pair that is not granted has a reason code and its facts.
"""
