"""Generic functions and what Python hands to compiled code: the right body, the right numbers, a helpful refusal."""

from typing import NamedTuple

import numpy as np
import pytest

from engine import loop
from engine.generic import entry, generic, generic_with_default


class Celsius(NamedTuple):
    degrees: np.ndarray


class Kelvin(NamedTuple):
    degrees: np.ndarray


class Rankine(NamedTuple):
    degrees: np.ndarray


@generic
def to_kelvin(state, out):
    """Write the temperature in K."""


@to_kelvin.body_for(Celsius)
def celsius_to_kelvin(state, out):
    out[0] = state.degrees[0] + 273.15


@to_kelvin.body_for(Kelvin)
def kelvin_to_kelvin(state, out):
    out[0] = state.degrees[0]


@generic_with_default
def sign(state, out):
    """Positive, unless a body says otherwise."""
    out[0] = 1.0


@entry
def both(state, out):
    to_kelvin(state, out)
    sign(state, out[1:])


def test_a_body_is_chosen_by_the_type_from_python_and_from_compiled_code():
    for state, expected in ((Celsius(np.array([0.0])), 273.15), (Kelvin(np.array([5.0])), 5.0)):
        out = np.zeros(2)
        to_kelvin(state, out)
        assert out[0] == expected
        both(state, out)
        assert out.tolist() == [expected, 1.0]


def test_an_object_answers_with_its_method():
    class Thermometer:
        def to_kelvin(self, out):
            out[0] = 300.0

    out = np.zeros(1)
    to_kelvin(Thermometer(), out)
    assert out[0] == 300.0


def test_a_type_without_body_is_answered_with_those_that_have_one():
    message = (
        r"^to_kelvin has no body for Rankine \(bodies exist for: Celsius, Kelvin\); write one under "
        r"@to_kelvin.body_for\(Rankine\), or give the class a method `to_kelvin`; "
        r"where there is one, the model must import its module$"
    )
    with pytest.raises(TypeError, match=message):
        to_kelvin(Rankine(np.zeros(1)), np.zeros(1))
    with pytest.raises(TypeError, match="advance has no body for Rankine"):
        loop.advance(Rankine(np.zeros(1)), None, None)


@entry
def halves(number, out):
    """Write half of a number, and return what is left of it in whole steps."""
    out[0] = number / 2
    return number // 2


@pytest.mark.parametrize("number, left", [(7, 3), (7.0, 3.0), (True, 0)])
def test_python_is_given_what_compiled_code_returns(number, left):
    out = np.zeros(1)
    assert halves(number, out) == left and out[0] == number / 2


class Nested(NamedTuple):
    inner: Celsius
    scale: float
    number: int
    is_on: bool
    grid: np.ndarray
    rng: np.random.Generator


@entry
def read_all(state, out):
    out[0] = state.inner.degrees[0] * state.scale + state.number + (1000.0 if state.is_on else 0.0)
    out[1] = state.grid[1, 2] + state.grid[1].sum() + state.grid.size
    out[2] = state.rng.random()


def test_a_record_holds_tuples_numbers_arrays_and_generators():
    out, grid = np.zeros(3), np.arange(6, dtype=np.float32).reshape(2, 3)
    state = Nested(Celsius(np.array([2.0])), 1.5, -3, True, grid, np.random.Generator(np.random.PCG64(5)))
    read_all(state, out)
    assert out.tolist() == [1000.0, 5.0 + 12.0 + 6.0, np.random.Generator(np.random.PCG64(5)).random()]


@pytest.mark.parametrize("degrees", [np.zeros((4, 4)).T[0], np.zeros(8)[::2], "warm", [0.0]])
def test_what_compiled_code_cannot_read_is_refused_by_its_name(degrees):
    with pytest.raises(TypeError, match=r"^degrees: compiled code"):
        both(Celsius(degrees), np.zeros(2))


@entry
def name_of(state, out):
    return "warm"


def test_an_entry_that_returns_a_text_is_refused():
    with pytest.raises(TypeError, match="name_of returns"):
        name_of(Celsius(np.zeros(1)), np.zeros(1))
