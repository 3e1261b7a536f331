package dev.videoid.example.app

import android.app.Application
import android.net.Uri
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.core.content.FileProvider
import androidx.lifecycle.AndroidViewModel
import androidx.lifecycle.viewModelScope
import dev.videoid.Bundle
import dev.videoid.Source
import dev.videoid.VideoIdException
import dev.videoid.checkVideo
import dev.videoid.example.Gathered
import dev.videoid.example.evidence
import dev.videoid.of
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/** What is filmed. */
enum class Piece(val title: String, val file: String) {
    FRONT("Front of the document", "front.jpg"),
    REAR("Rear of the document", "rear.jpg"),
    OWNER("Yourself", "owner.jpg"),
    VIDEO("Video", "video.mp4"),
}

/** From what was taken to what the backend has. */
class CaptureModel(private val app: Application) : AndroidViewModel(app) {
    var pieces by mutableStateOf(emptySet<Piece>())
        private set
    var isBusy by mutableStateOf(false)
        private set
    var message by mutableStateOf("")
        private set
    val isComplete get() = pieces.containsAll(Piece.entries)

    private val folder = app.filesDir.resolve("taken").apply { mkdirs() }
    private val backend = Backend(app)

    /** Where the camera app is to put a piece. */
    fun place(piece: Piece): Uri = FileProvider.getUriForFile(app, "dev.videoid.example.app.files", folder.resolve(piece.file))

    fun took(piece: Piece) {
        pieces = pieces + piece
    }

    fun send() {
        isBusy = true
        viewModelScope.launch {
            message = try {
                bundled().let { bundle -> backend.take(bundle).also { bundle.deleteRecursively() } }
            } catch (e: VideoIdException) {
                // One line for people, without personal data. `e.fields` says which piece to film again.
                e.message.orEmpty()
            } catch (_: IOException) {
                "The backend cannot be reached; the evidence is kept"
            }
            isBusy = false
        }
    }

    /** The bundle in the app's own files, which other apps cannot read. */
    private suspend fun bundled(): File {
        val video = source(Piece.VIDEO)
        checkVideo(video)
        val (front, rear, owner) = listOf(Piece.FRONT, Piece.REAR, Piece.OWNER).map { source(it) }
        val bundle = app.noBackupFilesDir.resolve("bundle-${System.currentTimeMillis()}")
        evidence(Gathered(front, rear, owner, recognised(folder))).use { evidence ->
            evidence.report.findings.forEach { message = "${it.code}: ${it.field}" }
            Bundle.save(bundle, evidence, video)
        }
        return bundle
    }

    /** Through the content resolver, as it also comes from a picker; a provider may have to fetch it, so not on the main thread. */
    private suspend fun source(piece: Piece): Source = withContext(Dispatchers.IO) { Source.of(app.contentResolver, place(piece)) }
}
