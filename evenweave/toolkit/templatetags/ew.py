"""Every component as a template tag. A built-in library: templates need no `{% load %}`.

One table of all tags with an example each is in docs/components.md; the style guide shows every state.
"""

from django import template

from evenweave.toolkit.components import actions, facts, forms, frame, marks, records, talk, work

register = template.Library()
for part in (frame, marks, actions, forms, facts, work, records, talk):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
