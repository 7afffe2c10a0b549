"""P&L of a run by risk factors, by stages of scenarios and by networks: tables and parts of the document."""
