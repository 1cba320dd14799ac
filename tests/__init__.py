"""Tests of the SnapCam integration."""
