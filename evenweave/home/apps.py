"""Gives the shell its links: this room stands above all others that have pages."""

from django.apps import AppConfig


class Home(AppConfig):
    name = "evenweave.home"

    def ready(self) -> None:
        from evenweave.home.navigation import links_for, own_links_for, unread_notices
        from evenweave.toolkit import navigation

        navigation.register(links_for)
        navigation.register_own(own_links_for)
        navigation.register_notices("notice_list", unread_notices)
