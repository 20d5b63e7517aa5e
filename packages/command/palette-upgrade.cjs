#!/usr/bin/env node
require("../../bin/palette-upgrade");
