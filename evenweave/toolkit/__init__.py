"""Words of no domain: base templates, components, jobs, files, dates, PDF and sheet writers."""
