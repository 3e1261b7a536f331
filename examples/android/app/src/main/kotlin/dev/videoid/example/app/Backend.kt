package dev.videoid.example.app

import android.content.Context
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream

/** Your backend: it unpacks the bundle, loads it (which checks every file) and submits it with `ExternalVideoId`. */
class Backend(context: Context, private val address: URL = URL("https://backend.example.com/bundles")) {
    private val cache = context.cacheDir

    /** Sends a bundle, and says what the backend says. For an upload that outlives the app hand the file to WorkManager instead. */
    suspend fun take(bundle: File): String = withContext(Dispatchers.IO) {
        val packed = File.createTempFile("bundle", ".zip", cache)
        try {
            ZipOutputStream(packed.outputStream().buffered()).use { zip ->
                zip.setLevel(0) // pictures and videos are packed already
                bundle.listFiles().orEmpty().forEach { file ->
                    zip.putNextEntry(ZipEntry(file.name))
                    file.inputStream().use { it.copyTo(zip) }
                    zip.closeEntry()
                }
            }
            val connection = address.openConnection() as HttpURLConnection
            connection.requestMethod = "POST"
            connection.doOutput = true
            connection.setRequestProperty("Content-Type", "application/zip")
            connection.setFixedLengthStreamingMode(packed.length())
            connection.outputStream.use { out -> packed.inputStream().use { it.copyTo(out) } }
            if (connection.responseCode != HttpURLConnection.HTTP_CREATED) throw IOException("the backend answered ${connection.responseCode}")
            "Sent"
        } finally {
            packed.delete()
        }
    }
}
