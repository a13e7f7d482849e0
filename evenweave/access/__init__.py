"""Who may do what: actions, roles, grants, standings, the route guard."""
