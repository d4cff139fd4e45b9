"""Pictures. Only imported when one is drawn, for matplotlib takes its time."""
