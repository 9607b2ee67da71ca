"""A model trained on the sample, once."""

from functools import cache

from yunnao.capabilities.classification.model import Model
from yunnao.capabilities.classification.training import Labelled, train
from yunnao.scenarios.appeals.message_files import read_labelled
from yunnao.scenarios.appeals.sample_messages import SAMPLE


@cache
def rows() -> tuple[Labelled, ...]:
    return tuple(read_labelled(SAMPLE)[0])


@cache
def model() -> Model:
    return train(rows())
