"""The particle of an electrode of a BPX file as a scenario.

The definitions are those of the BPX standard as PyBaMM reads it (`pybamm/parameters/bpx.py`): the
stoichiometry x is the concentration over the maximum concentration, D is that of Fick's law, and the exchange
current density is i0 = F K √(c_e/c_e0 · x (1 − x)) in i = 2 i0 sinh(Fη/2RT), with c_e0 the initial
concentration in the electrolyte.
"""
