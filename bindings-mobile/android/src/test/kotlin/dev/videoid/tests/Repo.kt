package dev.videoid.tests

import java.io.File
import java.nio.file.Files
import java.nio.file.Path

/** Where the tests find the repository, its fixtures and the sandbox; all of it comes from the environment. */
object Repo {
    val root: File = File(required("VIDEOID_REPO"))
    val sandbox: File = File(required("VIDEOID_SANDBOX"))
    val nativeDir: File = File(required("VIDEOID_NATIVE_DIR"))

    fun file(path: String): File = root.resolve(path).also { check(it.exists()) { "the repository has no $path" } }

    /** May be missing: some tests want that. */
    fun fixture(name: String): File = root.resolve("tests/fixtures/$name")

    fun folder(path: String, suffix: String): List<File> =
        (file(path).listFiles() ?: emptyArray()).filter { it.name.endsWith(suffix) }.sortedBy { it.name }

    private fun required(name: String): String = checkNotNull(System.getenv(name)?.takeIf { it.isNotEmpty() }) { "set $name, as `cargo xtask test` does" }
}

/** A folder that is removed at the end. */
fun <T> inTempFolder(body: (Path) -> T): T {
    val folder = Files.createTempDirectory("videoid-test")
    try {
        return body(folder)
    } finally {
        folder.toFile().deleteRecursively()
    }
}
