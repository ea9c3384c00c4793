"""Numbers in sentences and tables of pages are those that runs give.

A function here gives sentences of one page with the numbers of runs in them; each has to stand on the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.outputs import Result
from oxyshell.studies.calibration.calibration_result import CalibrationResult
from oxyshell.studies.comparison.comparison_result import BASE, ComparisonResult
from tests.pages.blocks import ROOT

PEAK = "stress.first_principal.peak_MPa"
CHARGE_PEAK = "row 1 of steps.first_principal_peak_MPa"
CAPACITIES = tuple(f"row {cycle} of cycles.discharge_mAh_g" for cycle in (1, 2, 3))
K, FLAW_K = "stress_intensity.peak_MPa_sqrt_m", "stress_intensity.flaw_MPa_sqrt_m"


@cache
def run(name: str) -> Result:
    return oxyshell.run(ROOT / "scenarios" / f"{name}.yaml")


@cache
def comparison(name: str) -> ComparisonResult:
    return oxyshell.compare(ROOT / "scenarios" / f"{name}.yaml")


@cache
def calibration() -> CalibrationResult:
    return oxyshell.calibrate(ROOT / "scenarios" / "calibrate-lrmo.yaml")


def changed(name: str, values: Mapping[str, Any]) -> Result:
    return oxyshell.run(oxyshell.load(ROOT / "scenarios" / f"{name}.yaml").with_values(values))


def computed(name: str, quantity: str, system: str, case: str = BASE) -> float:
    return comparison(name).row(quantity, system, case).computed


def deviation(value: float) -> str:
    return f"{value:.1f} %".replace("-", "−")


def peak_stress() -> Iterator[str]:
    of = partial(computed, "lrmo-peak-stress", PEAK)
    row = comparison("lrmo-peak-stress").row(PEAK, "Ru-1")
    assert row.deviation_percent is not None
    assert row.depth_nm is not None
    d = computed("lrmo-peak-stress", "material.diffusivity", "pristine")
    yield f"| 567 MPa | {of('pristine'):.1f} MPa | 0.0 % | calibrated: D = {d:.3e} m²/s |"
    yield (
        f"| 418 MPa | {row.computed:.1f} MPa | {deviation(row.deviation_percent)} | predicted | "
        f"{row.depth_nm:.1f} nm deep"
    )
    ends = [of("Ru-1", f"particle.radius = {radius} nm") for radius in (100, 500)]
    yield f"the prediction is {ends[0]:.0f}–{ends[1]:.0f} MPa"
    ratios = [
        of("Ru-1", f"material.diffusivity × {ratio}, particle.radius = 200 nm")
        for ratio in ("0.8", "1.1", "1.25")
    ]
    yield "the peak would be {:.0f}, {:.0f} or {:.0f} MPa (R = 200 nm)".format(*ratios)


def oxygen_of_the_readme() -> Iterator[str]:
    kept = partial(computed, "lrmo-oxygen-retention", "oxygen.retention")
    islands = kept("Ru-1", "islands of the measured loading")
    yield f"{100 * kept('Ru-1'):.0f} % of the mobile O2 is still"
    yield f"closed RuO2 coating, and {100 * kept('pristine'):.0f} % without it"
    yield f"with these islands {100 * islands:.0f} % remain as well"


def oxygen_after_40_minutes() -> Iterator[str]:
    rows = {
        "| pristine, open": ("pristine", BASE),
        "| closed coating, 1 monolayer of sites": ("Ru-1", BASE),
        "| closed coating, 3 monolayers": ("Ru-1", "3 monolayers of sites"),
        "| closed coating, 10 monolayers": ("Ru-1", "10 monolayers of sites"),
        "| islands of 0.46 wt%": ("Ru-1", "islands of the measured loading"),
    }
    for words, (system, case) in rows.items():
        kept, captured, released, ratio = (
            computed("lrmo-oxygen-retention", f"oxygen.{name}", system, case)
            for name in ("retention", "captured_fraction", "released_fraction", "surface_to_centre")
        )
        taken = f"{captured:.3f}" if captured else "–"
        lost = f"{released:.3f}" if released > 1e-3 else f"{released:.0e}".replace("e-0", "e-")
        yield f"{words} | {kept:.3f} | {taken} | {lost} | {ratio:.3f} |"
    fourier = [
        computed("lrmo-oxygen-retention", "oxygen.retention", "pristine", case)
        for case in ("Fo = 0.05", "Fo = 0.10", BASE, "Fo = 0.20")
    ]
    yield "0.05, 0.10, 0.15, 0.20 it is {:.3f}, {:.3f}, {:.3f}, {:.3f}.".format(*fourier)


def first_oxygen() -> str:
    """Li extracted when the first O2 has been generated."""
    # The steps of the scenario are longer than the last digit that is written.
    short = {
        "numerics.maximum_step": "20 s",
        "protocol.0.charge.until": {"extracted": 0.26},
        "output.at": {"extracted": []},
    }
    history = changed("lrmo-charge-with-oxygen", short).history
    begun = int(np.flatnonzero(np.asarray(history["oxygen_generated_mol"]) > 0)[0])
    return f"{history['extracted_per_formula'][begun]:.3f} Li"


def oxygen_of_a_charge() -> Iterator[str]:
    yield f"just under the layer when {first_oxygen()} are extracted"
    result = run("lrmo-charge-with-oxygen")
    oxygen, history = result.summary["oxygen"], result.history
    rates = np.interp((0.4, 0.6, 0.8), history["extracted_per_formula"], history["oxygen_release_umol_g_min"])
    last = history["oxygen_release_umol_g_min"][-1]
    yield "released at {:.2f}, {:.2f} and {:.2f} µmol/(g min)".format(*rates)
    yield f"and at {last:.2f} at the end. Of {oxygen['generated_umol_per_g']:.0f} µmol/g"
    yield (
        f"{100 * oxygen['released_fraction']:.1f} % has then been released, "
        f"{100 * oxygen['retention']:.1f} % is in the lattice, and the islands, which are "
        f"{100 * oxygen['filling']:.1f} % full, hold "
        f"{100 * oxygen['captured_fraction']:.1f} %."
    )


def layer_and_coating() -> Iterator[str]:
    def pair(quantity: str, coating: str) -> tuple[float, float]:
        one, other = (
            computed("lrmo-oxygen-factorial", quantity, f"{layer} layer, {coating}")
            for layer in ("without", "with")
        )
        return one, other

    for coating, form in {"no RuO2": ".4f", "islands": ".4f", "closed coating": ".3f"}.items():
        kept = " / ".join(format(value, form) for value in pair("oxygen.retention", coating))
        released = " / ".join(f"{value:.0f}" for value in pair("oxygen.released_umol_per_g", coating))
        stress = " / ".join(f"{value:.1f}" for value in pair(PEAK, coating))
        yield f"| {coating} | {kept} | {released} | {stress} |"


def parts_of_the_voltage() -> Iterator[str]:
    history = run("lrmo-first-cycle").history
    out = np.asarray(history["current_A_m2"])
    concentration, stress, reaction = (
        1e3 * np.asarray(history[f"{part}_overpotential_V"])
        for part in ("concentration", "stress", "kinetic")
    )
    yield f"to {concentration.max():.0f} mV | +77 to −{-concentration.min():.0f} mV | D, calibrated"
    yield f"| up to {stress.max():.1f} mV | down to −{-stress.min():.1f} mV | Ω measured"
    yield f"| {reaction[out > 0].max():.3f} mV | −{-reaction[out < 0].min():.3f} mV | i0"


def identifiability() -> Iterator[str]:
    found = calibration()
    (valley,) = (one for one in found.findings if "cannot tell" in one)
    words = valley.replace("\n", " ")
    numbers = [float(one) for one in re.findall(r"\d\.\d+", words)]
    ratio, volume, ratio_end, volume_end, miss = numbers[-5:]
    yield (
        f"ratio {ratio:.2f}, volume change {100 * volume:.1f} % to ratio {ratio_end:.2f}, volume change "
        f"{100 * volume_end:.1f} %"
    )
    yield f"moves by more than {miss:.2f} of its uncertainty"
    yield f"The diffusivity of pristine alone is determined, {found.value('D of pristine'):.3e} m²/s ± 1 %."


def designs_of_the_table() -> Iterator[str]:
    layers: dict[str, dict[str, Any]] = {
        "| the paper's: 4.5 nm, 0.22, linear": {},
        # All digits of the design that the search finds.
        "| 11.38 nm, 0.0865, linear": {"shell.thickness": "11.3834155 nm", "shell.deficiency": 0.0864790868},
    }
    bare = changed("lrmo-charge-with-oxygen", {"shell": None}).history["ions_in_particle_mol"][0]
    for words, values in layers.items():
        result = changed("lrmo-charge-with-oxygen", values)
        peak = result.summary["stress"]["first_principal"]["peak_MPa"]
        lost = 100 * (1 - result.history["ions_in_particle_mol"][0] / bare)
        yield f"{words} | {peak:.1f} MPa"
        yield f" MPa | {lost:.3f} %"
        yield f"| {result.summary['oxygen']['retention']:.4f}"


def a_coating_of_lco() -> Iterator[str]:
    summary = run("lco-coated").summary
    stress, intensity = summary["stress"]["first_principal"]["peak_MPa"], summary["stress_intensity"]
    yield (
        f"stretched to {stress:.0f} MPa, and a flaw through it has "
        f"K = {intensity['peak_MPa_sqrt_m']:.2f} MPa √m, "
        f"{intensity['over_toughness']:.2f} of the 2.30"
    )


def a_shell_of_nmc111() -> Iterator[str]:
    peak = run("nmc-core-shell").summary["stress"]["von_mises"]["peak_MPa"]
    yield f"to a von Mises stress of {peak / 1e3:.1f} GPa, and pulled off"


def capacities(system: str) -> tuple[float, ...]:
    return tuple(computed("lrmo-rate", one, system) for one in CAPACITIES)


def rates_and_stress() -> Iterator[str]:
    def stress(system: str) -> str:
        return f"{computed('lrmo-rate', CHARGE_PEAK, system):.0f} MPa"

    def three(system: str) -> str:
        return " | ".join(f"{value:.0f}" for value in capacities(system))

    for rate, at in (("0.1C", ""), ("1C", " at 1C")):
        yield f"{three(f'pristine, stress at {rate}')} | **{stress(f'pristine, stress at {rate}')}**{at} |"
        yield f"{three(f'Ru-1, stress at {rate}')} | {stress(f'Ru-1, stress at {rate}')}{at} |"
    slow, fitted, fast = capacities("pristine, 230 mA h/g at 1C")
    pristine = stress("pristine, 230 mA h/g at 1C")
    yield f"{slow:.0f} | **{fitted:.0f}** | {fast:.0f} | {pristine} at 0.1C |"
    slow, fitted, fast = capacities("Ru-1, 261 mA h/g at 1C")
    yield f"{slow:.0f} | **{fitted:.0f}** | {fast:.0f} | {stress('Ru-1, 261 mA h/g at 1C')} at 0.1C |"
    slow, middle, fitted = capacities("Ru-1, 185 mA h/g at 5C")
    yield f"{slow:.0f} | {middle:.0f} | **{fitted:.0f}** | {stress('Ru-1, 185 mA h/g at 5C')} at 0.1C |"


def rates_of_the_readme() -> Iterator[str]:
    slow, fast = capacities("pristine, stress at 0.1C")[1], capacities("pristine, stress at 1C")[1]
    peak = computed("lrmo-rate", CHARGE_PEAK, "pristine, 230 mA h/g at 1C")
    yield f"its D leaves the pristine particle {slow:.0f} mA h/g at 1C"
    yield f"the D that gives 230 leaves {peak:.0f} MPa at 0.1C"
    yield f"pristine has {fast:.0f} mA h/g, but Ru-1 has {capacities('Ru-1, stress at 1C')[1]:.0f}"


def first_cycles() -> Iterator[str]:
    for case, form in ((BASE, ".0f"), ("567 MPa at 1C", ".1f")):
        for system in ("pristine", "Ru-1"):
            of = partial(computed, "lrmo-first-cycles", system=system, case=case)
            charge, discharge, efficiency = (
                of(f"last of cycles.{name}")
                for name in ("charge_mAh_g", "discharge_mAh_g", "coulombic_efficiency")
            )
            unit = " mA h/g" if (case, system) == (BASE, "pristine") else ""
            yield f"| {system} | {charge:.0f}{unit} | {discharge:.0f}{unit} | {100 * efficiency:{form}} % |"
            yield f"| {of('oxygen.released_umol_per_g'):.0f}"


def ru_series() -> Iterator[str]:
    systems = ("pristine", "Ru-0.5, less deficient", "Ru-0.5, thinner", "Ru-1", "Ru-3, thicker")

    def row(words: str, quantity: str, form: str) -> str:
        values = (format(computed("lrmo-ru-series", quantity, one), form) for one in systems)
        return f"| {words} | {' | '.join(values)} |"

    yield row("peak first principal stress, MPa", PEAK, ".0f")
    yield row("largest K, MPa √m", K, ".3f")
    yield row("K of a flaw of 5 nm", FLAW_K, ".3f")
    yield row("O2 released, µmol/g", "oxygen.released_umol_per_g", ".1f")
    yield row("of it retained", "oxygen.retention", ".4f")
    deficiency = computed("lrmo-ru-series", "shell.deficiency", "Ru-0.5, less deficient")
    thin, thick = (
        1e9 * computed("lrmo-ru-series", "shell.thickness", one)
        for one in ("Ru-0.5, thinner", "Ru-3, thicker")
    )
    yield f"| deficiency needed at 4.5 nm | {deficiency:.3f} |"
    yield f"| thickness needed at 0.22 | {thin:.2f} nm | (4.5 nm) | {thick:.1f} nm |"


def faster_layer() -> Iterator[str]:
    systems = [
        f"stress at {rate}, {d}" for rate in ("0.1C", "1C") for d in ("equal D", "layer x 3", "layer x 10")
    ]

    def row(words: str, quantity: str, form: str) -> str:
        values = (format(computed("lrmo-faster-layer", quantity, one), form) for one in systems)
        return f"| {words} | {' | '.join(values)} |"

    yield row("peak first principal stress, MPa", CHARGE_PEAK, ".1f")
    yield row("largest K, MPa √m", "row 1 of steps.stress_intensity_peak_MPa_sqrt_m", ".4f")
    yield row("K of a flaw of 5 nm", "row 1 of steps.flaw_stress_intensity_MPa_sqrt_m", ".4f")
    for words, quantity in zip(("discharge at 0.1C, mA h/g", "at 1C", "at 5C"), CAPACITIES, strict=True):
        yield row(words, quantity, ".1f")


def crack_risk() -> Iterator[str]:
    hoop = "stress.hoop.peak_MPa"
    of = partial(computed, "lrmo-crack-risk")
    depth = "stress_intensity.depth_over_radius"
    first, other = (
        f"{of(K, f'{system}, 0.1C'):.3f} at {word}{of(depth, f'{system}, 0.1C'):.3f}"
        for system, word in (("pristine", "a/R = "), ("Ru-1", ""))
    )
    yield f"| largest K at 0.1C | {first} | {other} |"
    systems = ("pristine", "Ru-1")
    flaws = " | ".join(f"{of(FLAW_K, f'{one}, 0.1C'):.3f}" for one in systems)
    yield f"| largest K of a flaw of 5 nm | {flaws} |"
    yield f"| peak hoop stress, MPa | {' | '.join(f'{of(hoop, f"{one}, 0.1C"):.0f}' for one in systems)} |"
    for rate in ("0.5C", "1C", "2C"):
        both = " | ".join(
            f"{of(K, f'{one}, {rate}'):.3f} ({of(hoop, f'{one}, {rate}'):.0f})" for one in systems
        )
        yield f"at {rate} | {both} | |"


def critical_radii() -> Iterator[str]:
    of = partial(computed, "lrmo-critical-radius", "particle.radius")
    yield (
        f"comes to 0.24 MPa √m from R = {1e9 * of('pristine'):.0f} nm on (pristine; "
        f"Ru-1: {1e9 * of('Ru-1'):.0f} nm), to 0.81 MPa √m from {1e9 * of('pristine', 'upper end'):.0f} nm "
        f"({1e6 * of('Ru-1', 'upper end'):.2f} µm)"
    )
    held = partial(computed, "lrmo-crack-risk", "stress_intensity.critical_radius_nm")
    yield f"it would be {held('pristine, 0.1C'):.0f} nm ({held('Ru-1, 0.1C'):.0f} nm) for 0.24"


def radii_with_d_held() -> Iterator[str]:
    for system, name in (("pristine", "lrmo-pristine"), ("Ru-1", "lrmo-ru1")):
        values = [
            changed(name, {"toughness": {"k_ic": "0.24 MPa m^0.5"}, "particle.radius": f"{radius} nm"})
            for radius in (50, 100, 150, 300, 500, 1000)
        ]
        largest = (f"{one.summary['stress_intensity']['peak_MPa_sqrt_m']:.3f}" for one in values)
        yield f"| {system} | {' | '.join(largest)} |"


def charge_with(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(changed("lrmo-charge-with-oxygen", values).summary)


def rates_of_generation() -> Iterator[str]:
    amounts = [
        charge_with({"oxygen.source.generation_rate": f"{rate} 1/s"})["oxygen"]["generated_umol_per_g"]
        for rate in ("1e-6", "1e-4", "1e-3")
    ]
    yield "With 1e-6, 1e-4 and 1e-3 1/s, {:.0f}, {:.0f} and {:.0f} µmol/g are generated".format(*amounts)
    shares = [
        charge_with({"oxygen.diffusivity": f"{1.40625e-18 / times:.6g} m^2/s"})["oxygen"]["retention"]
        for times in (10, 100, 1000)
    ]
    yield "with D_O 10, 100, 1000 times smaller, {:.2f}, {:.2f}, {:.2f} are in the lattice".format(*shares)


def vacancies() -> Iterator[str]:
    for volume in (0, 5, -5):
        values = {"sites_lost": 1.0, "partial_molar_volume": f"{volume} cm^3/mol"}
        found = charge_with({"oxygen.vacancies": values})["stress"]["first_principal"]
        yield (
            f"| `{{sites_lost: 1.0, partial_molar_volume: {volume} cm^3/mol}}` | "
            f"{found['peak_MPa']:.1f} MPa | {found['extracted_per_formula']:.2f}"
        )


README, OXYGEN, VOLTAGE = "README.md", "docs/oxygen.md", "docs/voltage.md"
REGIONS, FRACTURE = "docs/regions.md", "docs/fracture.md"
Sentences = Callable[[], Iterator[str]]
QUICK: list[tuple[str, Sentences]] = [
    (README, peak_stress),
    (README, oxygen_of_the_readme),
    (OXYGEN, oxygen_after_40_minutes),
    (OXYGEN, oxygen_of_a_charge),
    (OXYGEN, layer_and_coating),
    (VOLTAGE, parts_of_the_voltage),
    ("docs/design.md", designs_of_the_table),
    (REGIONS, a_coating_of_lco),
    (REGIONS, a_shell_of_nmc111),
]
LONG: list[tuple[str, Sentences]] = [
    (README, rates_of_the_readme),
    (VOLTAGE, rates_and_stress),
    (VOLTAGE, first_cycles),
    (OXYGEN, rates_of_generation),
    (OXYGEN, vacancies),
    ("docs/calibration.md", identifiability),
    (REGIONS, ru_series),
    (REGIONS, faster_layer),
    (FRACTURE, crack_risk),
    (FRACTURE, critical_radii),
    (FRACTURE, radii_with_d_held),
]


@pytest.mark.parametrize(
    ("page", "sentences"),
    [*QUICK, *(pytest.param(*one, marks=pytest.mark.long) for one in LONG)],
)
def test_numbers_of_a_page_are_those_of_runs(page: str, sentences: Sentences) -> None:
    text = " ".join((ROOT / page).read_text().split())
    missing = [one for one in sentences() if one not in text]
    assert not missing
