"""The study: one pair of countries and one report, and nothing general.

Which series, which source, which year and which assumption a notebook takes stands
here, by theme, where a cell would be too long for it. The room may import `verdicts`,
`charts`, `methods`, `evidence` and `checks`; only notebooks and the command line may
import it, and what any pair could use belongs into another room.
"""
