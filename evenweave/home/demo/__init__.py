"""The demo programme: invented factories and people whose years are lived through the real services.

`texts` reads what they say (content/demo), `people` lets them in, `acts` are what they do, `years` is each
factory's story in order, `telling` tells the stories side by side by their days."""
