"""Assembly, factorisation and steps of small systems in C, around the kernels of FFCx."""
