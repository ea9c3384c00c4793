"""The section `protocol`: a class for each kind of entry."""
