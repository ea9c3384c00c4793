"""Assembly, factorisation and time stepping of small systems in C, around the kernels that FFCx has compiled."""
