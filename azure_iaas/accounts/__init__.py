"""Accounts: named profiles of subscriptions, kept in a folder of the user's.

::

    Accounts().import_file("my.publishsettings")
    async with ServiceManagementClient.from_profile() as client:
        ...

``private_folder`` keeps files whole and private, ``profile`` says what is kept, ``accounts`` changes it,
``settings`` has the order of arguments, environment, profile and defaults. A client made without
``from_profile`` never reads a profile: what is chosen for the command line must not move a program to another
subscription or host.
"""

from azure_iaas.accounts.accounts import FOLDER_VARIABLE, PROFILE_VARIABLE, Accounts, profiles_folder
from azure_iaas.accounts.profile import Profile
from azure_iaas.accounts.settings import Settings, find_settings

__all__ = [
    "FOLDER_VARIABLE",
    "PROFILE_VARIABLE",
    "Accounts",
    "Profile",
    "Settings",
    "find_settings",
    "profiles_folder",
]
