import dev.videoid.RaConfig
import dev.videoid.RaoCredentials
import dev.videoid.fromJson
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test

/** Runs the README's lines, which stand beside this file as Readme.kt, in a folder that has the files they name. */
class ReadmeTest {
    @Test
    fun `the lines of the README`() = runBlocking<Unit> {
        identify(RaConfig.fromJson(System.getenv("README_CONFIG")), RaoCredentials.fromJson(System.getenv("README_RAO")))
    }
}
