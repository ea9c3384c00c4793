"""Turns the moments of a run into history rows, profiles, field snapshots and the summary."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from mpi4py import MPI

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.mechanics.evaluation import MEASURES, ParticleEvaluation, Sample, StressSample
from oxyshell.models.mechanics.peaks import Largest, StepPeak
from oxyshell.models.oxygen.recording import NoOxygen, OxygenRecorder
from oxyshell.models.particle.system import System
from oxyshell.outputs.records import FieldSnapshot, HistoryRow, Profile
from oxyshell.running.finding import Findings
from oxyshell.solver.evaluation import PROFILE_DIVISIONS, cell_regions, vtk_cells
from oxyshell.solver.gathering import CellGathering
from oxyshell.solver.moment import Moment
from oxyshell.solver.state import Array

_MEGA, _NANO = 1e6, 1e-9


def _summary(peak: StepPeak) -> dict[str, float]:
    return {
        "peak_MPa": peak.value / _MEGA,
        "depth_nm": peak.depth / _NANO,
        "radius_nm": peak.radius / _NANO,
        "time_s": peak.time,
        "extracted_per_formula": peak.extracted,
    }


class Recording:
    """What is read off a system while it is marched.

    Stresses are looked at after every accepted step, at the points where they can peak.
    """

    def __init__(self, system: System, oxygen: OxygenRecorder | None = None) -> None:
        """Compile the expressions.

        Args:
            system: The discretised particle.
            oxygen: What is read off its oxygen; by default there is none.
        """
        self._system = system
        self._oxygen = oxygen or NoOxygen()
        solid = system.particle.mesh.topology.dim > 1
        self._everywhere = ParticleEvaluation(system, line_divisions=PROFILE_DIVISIONS)
        self._peaks = ParticleEvaluation(system, at_vertices=solid)
        self._gathering = CellGathering(system.particle.mesh)
        self._sampler = _sampler(system.particle, self._everywhere)
        self._oxygen.watch(self._everywhere, self._peaks)
        self.restart(1.0, 1.0, Findings())

    def restart(self, sites: float, mass: float, findings: Findings) -> None:
        """Forget the run before.

        Args:
            sites: Host sites in the particle of the run to come, mol.
            mass: Its mass as made, kg.
            findings: What to look for besides, of that run alone.
        """
        self._sites = sites
        self._findings = findings
        self._oxygen.restart(mass)
        self._largest = {name: Largest() for name in MEASURES}
        self._final: StressSample | None = None
        self._balance = 0.0
        self._last: Moment | None = None
        self._started = time.perf_counter()

    def remembered(self) -> dict[str, object]:
        """What `go_on` has to know of the steps before, as plain numbers."""
        return {
            "largest": {name: largest.remembered() for name, largest in self._largest.items()},
            "balance": self._balance,
            "wall_time": time.perf_counter() - self._started,
            "oxygen": self._oxygen.remembered(),
            "findings": self._findings.remembered(),
        }

    def go_on(self, remembered: Mapping[str, Any], moment: Moment) -> None:
        """Be, after `restart`, what a recording of the run before was after a moment."""
        self._oxygen.go_on(remembered["oxygen"])
        self.step(moment)
        for name, largest in remembered["largest"].items():
            self._largest[name] = Largest.recalled(largest)
        self._balance = remembered["balance"]
        self._started = time.perf_counter() - remembered["wall_time"]
        # Again: `step` has seen a release rate without the ions that drive it.
        self._oxygen.go_on(remembered["oxygen"])
        self._findings.go_on(remembered["findings"])

    def step(self, moment: Moment) -> HistoryRow:
        """The history row of an accepted step."""
        stress = self._peaks.stress(moment.state)
        peaks = self._peaks.peaks(stress)
        for name, peak in peaks.items():
            present = StepPeak(peak.value, peak.depth, peak.radius, moment.state.time, moment.extracted)
            self._largest[name].consider(present, self._begins(moment), moment.ended_by is not None)
        self._final, self._last = stress, moment
        self._balance = max(self._balance, moment.balance_error)
        row = {
            "time_s": moment.state.time,
            "time_step_s": moment.step,
            "extracted_per_formula": moment.extracted,
            "mean_occupancy": moment.observation.content / self._sites,
            "surface_occupancy": moment.observation.surface_occupancy,
            "ions_in_particle_mol": moment.observation.content,
            "ions_out_mol": moment.state.left,
            "balance_error": moment.balance_error,
            "surface_hoop_MPa": self._peaks.at_surface(stress.hoop) / _MEGA,
            "centre_stress_MPa": self._peaks.at_centre(stress.hydrostatic) / _MEGA,
            "rejected_steps": float(moment.rejected),
        }
        for name, peak in peaks.items():
            row[f"{name}_peak_MPa"] = peak.value / _MEGA
            row[f"{name}_depth_nm"] = peak.depth / _NANO
        return row | self._findings.step(moment, row) | self._oxygen.row(moment.state)

    def _begins(self, moment: Moment) -> bool:
        """Whether a step is the first of its protocol step."""
        return self._last is None or self._last.protocol_step != moment.protocol_step

    def snapshot(self, moment: Moment) -> tuple[Profile, FieldSnapshot]:
        """Profile and fields of an output time; the fields of all processes are on the first."""
        sample, oxygen = self._everywhere.sample(moment.state), self._oxygen.sample(moment.state)
        return self._profile(moment, sample, oxygen), self._fields(moment, sample, oxygen)

    def summary(self, status: str) -> dict[str, object]:
        """The numbers of `summary.json`."""
        last, stress = self._last, self._final
        assert last is not None  # a run records its start
        assert stress is not None
        measures = {name: _summary(largest.peak) for name, largest in self._largest.items()}
        final = {
            "surface_hoop_MPa": self._peaks.at_surface(stress.hoop) / _MEGA,
            "centre_MPa": self._peaks.at_centre(stress.hydrostatic) / _MEGA,
        }
        return {
            "status": status,
            "steps": last.steps,
            "rejected_steps": last.rejected,
            "wall_time_s": time.perf_counter() - self._started,
            "degrees_of_freedom": self._system.degrees_of_freedom,
            "time_s": last.state.time,
            "ions": {
                "extracted_per_formula": last.extracted,
                "balance_error": self._balance,
                "surface_occupancy": last.observation.surface_occupancy,
            },
            **self._findings.summary(),
            "stress": {**measures, "final": final},
            **self._oxygen.summary(),
        }

    def of_protocol_step(self, index: int) -> dict[str, object]:
        """Entries of the summary for one step of the protocol."""
        return self._findings.of_step(index)

    def remarks(self) -> list[str]:
        """Sentences about what the run could not do as asked; empty where it could."""
        return self._findings.remarks()

    def _profile(self, moment: Moment, sample: Sample, oxygen: Mapping[str, Array]) -> Profile:
        stress, length = sample.stress, self._system.units.length
        average = self._sampler.average
        return Profile(
            time_s=moment.state.time,
            extracted_per_formula=moment.extracted,
            radius_m=self._sampler.radius * length,
            depth_m=self._sampler.depth * length,
            occupancy=average(sample.occupancy),
            concentration_mol_m3=average(sample.concentration),
            radial_stress_Pa=average(stress.radial),
            hoop_Pa=average(stress.hoop),
            first_principal_Pa=average(stress.first_principal),
            von_mises_Pa=average(stress.von_mises),
            hydrostatic_Pa=average(stress.hydrostatic),
            displacement_m=average(sample.radial_displacement),
            more={name: average(values) for name, values in oxygen.items()},
        )

    def _fields(self, moment: Moment, sample: Sample, oxygen: Mapping[str, Array]) -> FieldSnapshot:
        particle, stress, gather = self._system.particle, sample.stress, self._gathering.gather
        displacement = np.zeros((len(sample.occupancy), 3))
        displacement[:, : sample.displacement.shape[1]] = sample.displacement
        points = gather(self._everywhere.coordinates * self._system.units.length)
        point_data = {
            "occupancy": sample.occupancy,
            "concentration_mol_m3": sample.concentration,
            "displacement_m": displacement,
            "stress_Pa": _tensors(stress.components, particle.coordinates.frame),
            "first_principal_Pa": stress.first_principal,
            "hoop_Pa": stress.hoop,
            "von_mises_Pa": stress.von_mises,
            "hydrostatic_Pa": stress.hydrostatic,
            **oxygen,
        }
        region = gather(cell_regions(particle))
        cells = vtk_cells(particle, self._everywhere, len(points))
        drawn = sum(len(block) for block in cells.values())
        return FieldSnapshot(
            time_s=moment.state.time,
            points=points,
            cells=cells,
            point_data={name: gather(values) for name, values in point_data.items()},
            cell_data={"region": np.repeat(region, drawn // max(len(region), 1))},
        )


def _tensors(components: Array, frame: tuple[int, int, int]) -> Array:
    """(11, 22, 33, 12, 13, 23) in the local frame as full 3×3 tensors along a drawing's axes, row by row."""
    index = np.array([[0, 3, 4], [3, 1, 5], [4, 5, 2]])
    axes = np.array(frame)
    result: Array = components[:, index[np.ix_(axes, axes)].reshape(-1)]
    return result


class _PointSampler:
    """Profiles of a radial line: the points themselves, from the centre outwards."""

    def __init__(self, evaluation: ParticleEvaluation) -> None:
        per_cell = evaluation.points_per_cell
        middle = evaluation.radius.reshape(-1, per_cell).mean(axis=1).repeat(per_cell)
        self._order = np.lexsort((evaluation.radius, middle))
        self.radius = evaluation.radius[self._order]
        self.depth = evaluation.depth[self._order]

    def average(self, values: Array) -> Array:
        return values[self._order]


class _LevelSampler:
    """Profiles of a body: means over the points of (nearly) the same depth, over all processes."""

    def __init__(self, evaluation: ParticleEvaluation, levels: Array, comm: MPI.Comm) -> None:
        self._comm = comm
        edges = 0.5 * (levels[1:] + levels[:-1])
        self._level = np.searchsorted(edges, evaluation.depth)
        self._count = len(levels)
        total = self._sum(np.ones_like(evaluation.depth))
        self._used = total > 0
        self._points = total[self._used]
        self.radius = self.average(evaluation.radius)
        self.depth = self.average(evaluation.depth)

    def average(self, values: Array) -> Array:
        # From the centre outwards, as on a line: levels ascend from the surface.
        mean: Array = (self._sum(values)[self._used] / self._points)[::-1]
        return mean

    def _sum(self, values: Array) -> Array:
        own = np.bincount(self._level, weights=values, minlength=self._count)
        return np.asarray(self._comm.allreduce(own)) if self._comm.size > 1 else own


def _sampler(particle: ParticleMesh, evaluation: ParticleEvaluation) -> _PointSampler | _LevelSampler:
    """How radial profiles are taken from an evaluation's points."""
    if particle.mesh.topology.dim == 1:
        return _PointSampler(evaluation)
    return _LevelSampler(evaluation, particle.levels, particle.mesh.comm)


def nested(summary: Mapping[str, object], path: str) -> object:
    """The entry of a summary at a path such as `stress.hoop.peak_MPa`.

    Raises:
        KeyError: If there is none.
    """
    value: object = summary
    for key in path.split("."):
        if not isinstance(value, Mapping):
            raise KeyError(path)
        value = value[key]
    return value
