"""Manufactured solutions: a solution is chosen, the source that it needs follows, and the error is known.

The sources are derived by UFL from the equations in strong form (`strong`), written here anew: a wrong sign,
factor or weight in the package's weak forms would leave an error that does not fall. Everything is in the
solver's natural units: R = 1, R²/D(θ0) = 1, bulk site density 1, stresses in GPa.
"""
