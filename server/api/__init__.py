"""The JSON API under ``/api/v1``: one literal table of doors, and the OpenAPI document made from the same table."""
