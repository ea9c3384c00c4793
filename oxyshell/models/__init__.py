"""The physics: frozen parameter objects and pure functions of UFL expressions; no PETSc, no files."""
