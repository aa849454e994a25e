"""Methods: pure functions that know no table, no country and no year."""
