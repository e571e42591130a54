"""Copies of the simulated service's state, and their way back: for tests that start from the same state."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure_iaas.emulator.effect import Scheduled
    from azure_iaas.emulator.world import World


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a `World`. The counter isn't in it: no id is given twice, also after a way back.

    Attributes:
        shelves: by subscription, the items of each of its shelves.
        cores_in_use: by subscription.
        effects: effects to come, as a heap.
        service_names: which subscription has a hosted service, by lower-case name.
        account_names: which subscription has a storage account, by name.
    """

    shelves: dict[str, list[dict[str, Any]]]
    cores_in_use: dict[str, int]
    effects: list[Scheduled]
    service_names: dict[str, str]
    account_names: dict[str, str]


def take(world: World) -> Snapshot:
    """Copy the state."""
    return deepcopy(_view(world))


def put_back(world: World, snapshot: Snapshot) -> None:
    """Put a copy of a snapshot of the same world in place of its state, and on disk.

    Raises:
        OSError: it could not be written; the world is as it was.
    """
    before = _view(world)
    _replace(world, deepcopy(snapshot))
    try:
        world.commit()
    except OSError:
        _replace(world, before)
        raise


def _view(world: World) -> Snapshot:
    owners = world.subscriptions
    return Snapshot(
        shelves={owner: [shelf.items for shelf in each.shelves()] for owner, each in owners.items()},
        cores_in_use={owner: each.cores_in_use for owner, each in owners.items()},
        effects=world.effects,
        service_names=world.service_names,
        account_names=world.account_names,
    )


def _replace(world: World, snapshot: Snapshot) -> None:
    for owner, subscription in world.subscriptions.items():
        for shelf, items in zip(subscription.shelves(), snapshot.shelves[owner], strict=True):
            shelf.changed.update(shelf.items, items)
            shelf.items = items
        subscription.cores_in_use = snapshot.cores_in_use[owner]
    world.effect_changes.update((effect.number, None) for effect in world.effects)
    world.effect_changes.update((effect.number, effect) for effect in snapshot.effects)
    world.effects = snapshot.effects
    world.service_names = snapshot.service_names
    world.account_names = snapshot.account_names
