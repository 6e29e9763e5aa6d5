#pragma once

void keepFreedMemory();
