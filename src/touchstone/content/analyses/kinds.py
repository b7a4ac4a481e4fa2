"""The kinds of analyses that a pack can ask for."""

from touchstone.content.analyses.drivers import DriversSpec
from touchstone.content.analyses.reliability import ReliabilitySpec

Analysis = DriversSpec | ReliabilitySpec
