"""Methods: pure functions from numbers to numbers, with their references.

Indicators of trade, mentions, fleets, breaks and forecasts, cash flows, event studies,
routes and gravity live here. They take Series, frames and numbers and return the like;
they read no table, draw nothing, and know no country and no year, so what is particular
is an argument. This room may import `partnership.evidence`, for its periods,
and `partnership.checks`.
"""
