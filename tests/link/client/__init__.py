"""Tests of commands and their answers, without Home Assistant."""
