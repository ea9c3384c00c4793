from oxyshell.simulation import *  # temporary, until helpers end
from oxyshell.simulation import Simulation, run, draw
