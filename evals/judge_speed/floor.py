"""Owns the floor: a graph that holds a network's matrix products and nothing else.

The product nodes of an exported graph are copied as they are (operator, attributes, constant weights). What they are
given at run time becomes an input of the new graph, of the type and shape that the network itself shows for a
sequence of that length; what they give becomes an output, bound to memory that is there beforehand. So ONNX Runtime
does the same products with the same kernels, and no normalisation, softmax, lookup or copy between them. What it
quantises inside a product's own kernel (MatMulNBits) stays a part of the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from consilience.errors import InputError

PRODUCTS = frozenset({"MatMul", "MatMulInteger", "MatMulNBits", "Gemm", "QLinearMatMul"})
_SEED = 7


class Floor:
    """A network's products, for sequences of any length.

    Raises:
        InputError: the package ``onnx``, which the development group holds, is not installed.
    """

    def __init__(self, model: Path) -> None:
        self._onnx = _onnx()
        self._runtime: Any = import_module("onnxruntime")  # its classes carry no types
        graph: Any = self._onnx.load(str(model))
        self._nodes: list[Any] = [node for node in graph.graph.node if node.op_type in PRODUCTS]
        constant = {tensor.name for tensor in graph.graph.initializer}
        constant |= {name for node in graph.graph.node if node.op_type == "Constant" for name in node.output}
        self._given = list(
            dict.fromkeys(name for node in self._nodes for name in node.input if name and name not in constant)
        )
        self._made = [node.output[0] for node in self._nodes]
        self._probe = self._session(self._probing(graph))
        self._shapes: dict[int, dict[str, tuple[tuple[int, ...], np.dtype[Any]]]] = {}
        self._session_of_products: Any = self._session(self._products(graph, constant))

    @property
    def count(self) -> int:
        """How many products the network holds."""
        return len(self._nodes)

    def bound(self, length: int) -> Bound:
        """The products for a sequence of ``length`` tokens, with their memory, ready to be run."""
        shapes = self._shapes_at(length)
        binding: Any = self._session_of_products.io_binding()
        kept = _Arrays(self._runtime)
        for place, name in enumerate(self._given):
            binding.bind_ortvalue_input(f"given{place}", kept.filled(*shapes[name]))
        for place, name in enumerate(self._made):
            binding.bind_ortvalue_output(f"made{place}", kept.empty(*shapes[name]))
        return Bound(self._session_of_products, binding, kept)

    def shapes(self, length: int) -> list[tuple[int, ...]]:
        """The shapes of the products' results, in the network's order."""
        found = self._shapes_at(length)
        return [found[name][0] for name in self._made]

    def _shapes_at(self, length: int) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        if length not in self._shapes:
            names = list(dict.fromkeys([*self._given, *self._made]))
            tokens = {"input_ids": np.ones((1, length), dtype=np.int64)}
            values: list[NDArray[Any]] = self._probe.run(names, tokens)
            self._shapes[length] = {name: (v.shape, v.dtype) for name, v in zip(names, values, strict=True)}
        return self._shapes[length]

    def _probing(self, graph: Any) -> Any:  # noqa: ANN401 - the library's classes carry no types here
        """The network with everything that goes into and comes out of products among its outputs."""
        probing: Any = self._onnx.ModelProto()
        probing.CopyFrom(graph)
        there = {value.name for value in (*graph.graph.input, *graph.graph.output)}
        for name in dict.fromkeys([*self._given, *self._made]):
            if name not in there:
                probing.graph.output.add().name = name
        return probing

    def _products(self, graph: Any, constant: set[str]) -> Any:  # noqa: ANN401 - as above
        helper: Any = self._onnx.helper
        types = {name: kind for name, (_, kind) in self._shapes_at(2).items()}
        weights = {name for node in self._nodes for name in node.input if name in constant}
        inputs = [self._value(f"given{place}", types[name]) for place, name in enumerate(self._given)]
        outputs = [self._value(f"made{place}", types[name]) for place, name in enumerate(self._made)]
        renamed = {name: f"given{place}" for place, name in enumerate(self._given)}
        nodes: list[Any] = [
            n for n in graph.graph.node if n.op_type == "Constant" and any(o in weights for o in n.output)
        ]
        for place, node in enumerate(self._nodes):
            copy: Any = self._onnx.NodeProto()
            copy.CopyFrom(node)
            copy.input[:] = [renamed.get(name, name) for name in node.input]
            copy.output[:] = [f"made{place}"]
            nodes.append(copy)
        held = [tensor for tensor in graph.graph.initializer if tensor.name in weights]
        made: Any = helper.make_graph(nodes, "products", inputs, outputs, held)
        return helper.make_model(made, opset_imports=graph.opset_import, ir_version=graph.ir_version)

    def _value(self, name: str, kind: np.dtype[Any]) -> Any:  # noqa: ANN401 - as above
        helper: Any = self._onnx.helper
        return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(kind), None)

    def _session(self, model: Any) -> Any:  # noqa: ANN401 - as above
        options: Any = self._runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Nothing is fused or folded, so that names stay, and no product is left out because its like was done before.
        options.graph_optimization_level = self._runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
        return self._runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


class Bound:
    """The products for one length: everything is there but the work."""

    def __init__(self, session: Any, binding: Any, kept: _Arrays) -> None:  # noqa: ANN401 - as above
        self._session = session
        self._binding = binding
        self._kept = kept  # the binding points into it

    def run(self) -> Self:
        """Do the products once."""
        self._session.run_with_iobinding(self._binding)
        return self

    def results(self) -> Sequence[NDArray[Any]]:
        """What they gave. Products with results of one shape share their memory, so only the last of them is there."""
        return [value.numpy() for value in self._binding.get_outputs()]


class _Arrays:
    """Memory for inputs and outputs, one piece for each shape and type."""

    def __init__(self, runtime: Any) -> None:  # noqa: ANN401 - as above
        self._make: Any = runtime.OrtValue.ortvalue_from_numpy
        self._random = np.random.default_rng(_SEED)
        self._there: dict[tuple[bool, tuple[int, ...], str], Any] = {}

    def filled(self, shape: tuple[int, ...], kind: np.dtype[Any]) -> Any:  # noqa: ANN401 - as above
        """Numbers of no meaning: whole ones over the type's range, or normally distributed."""
        key = (True, shape, kind.str)
        if key not in self._there:
            whole = np.issubdtype(kind, np.integer)
            ends = np.iinfo(kind) if whole else None
            values = (
                self._random.integers(ends.min, ends.max, size=shape) if ends else self._random.standard_normal(shape)
            )
            self._there[key] = self._make(np.asarray(values, dtype=kind))
        return self._there[key]

    def empty(self, shape: tuple[int, ...], kind: np.dtype[Any]) -> Any:  # noqa: ANN401 - as above
        """Zeros to be written over."""
        key = (False, shape, kind.str)
        if key not in self._there:
            self._there[key] = self._make(np.zeros(shape, dtype=kind))
        return self._there[key]


def available() -> bool:
    """Whether the package that builds the floor is installed."""
    try:
        _onnx()
    except InputError:
        return False
    return True


def _onnx() -> Any:  # noqa: ANN401 - the package is imported where it is used, so its types are not at hand
    try:
        return import_module("onnx")
    except ImportError as error:
        raise InputError("the floor of matrix products needs the package onnx", "uv sync --group dev") from error
