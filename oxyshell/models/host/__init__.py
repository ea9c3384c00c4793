"""The host lattice: ion sites, the deficient layer, vacancies."""
