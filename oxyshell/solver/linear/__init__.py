"""Linear solvers: factorisations, Krylov methods and multigrid."""
