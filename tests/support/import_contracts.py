"""Contracts of import-linter that it does not bring itself; used by ``lint-imports``."""

from __future__ import annotations

import sys
from graphlib import CycleError, TopologicalSorter

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AllowedImports(Contract):
    """Modules that import the standard library and what is named here, and nothing else."""

    modules: list[str] = fields.ListField(subfield=fields.StringField())
    allowed: list[str] = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        wrong = [
            f"{importer} -> {imported}"
            for importer in sorted(_within(graph, self.modules))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not self._is_allowed(imported)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def _is_allowed(self, imported: str) -> bool:
        if imported.partition(".")[0] in sys.stdlib_module_names:
            return True
        return any(imported == name or imported.startswith(f"{name}.") for name in self.allowed)

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["wrong"]:
            output.print_error(line)


class NoCircles(Contract):
    """No two files import each other, be it through others or for typing only."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        imports = {
            module: graph.find_modules_directly_imported_by(module) for module in graph.modules
        }
        try:
            TopologicalSorter(imports).prepare()
        except CycleError as error:
            return ContractCheck(kept=False, metadata={"circle": error.args[1]})
        return ContractCheck(kept=True)

    def render_broken_contract(self, check: ContractCheck) -> None:
        output.print_error(" -> ".join(reversed(check.metadata["circle"])))


def _within(graph: ImportGraph, packages: list[str]) -> set[str]:
    return {
        module for package in packages for module in {package} | graph.find_descendants(package)
    }
