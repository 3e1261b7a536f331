package dev.videoid
import org.junit.jupiter.api.Test
class ProbeTest { @Test fun ok() { check(probe() == 1) } }
