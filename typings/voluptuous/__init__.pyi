# Home Assistant replaces voluptuous by probatio at run time; so do the types.
from probatio import *
