"""Protocols of other programs, read as the section `protocol` of a scenario."""
