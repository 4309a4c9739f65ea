"""Pictures of pages become lines and tables, by OCR, each with how sure the reading is."""
