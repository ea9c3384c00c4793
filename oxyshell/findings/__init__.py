"""Findings: facts about the course of a run that its numbers alone do not tell, one kind in each module."""
