"""Finding articles, and persons, countries and sources by their names."""
