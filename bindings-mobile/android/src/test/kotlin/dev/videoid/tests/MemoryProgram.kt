package dev.videoid.tests

import dev.videoid.Evidence
import dev.videoid.RegistrationAuthority
import dev.videoid.RequestOptions
import dev.videoid.RequestPk
import dev.videoid.Source
import dev.videoid.VideoIdentifier
import dev.videoid.NewRequest
import dev.videoid.fromJson
import dev.videoid.RaConfig
import kotlinx.coroutines.runBlocking
import java.io.File

/**
 * One process whose memory is measured. It warms up with one small transfer, says `ready`, waits for a line, does its part, says
 * `done` and ends when its input does. Arguments: what, the settings as JSON, a folder with large.jpg, large.mp4.
 */
object MemoryProgram {
    @JvmStatic
    fun main(args: Array<String>) = runBlocking {
        val (what, config, folder) = args
        RegistrationAuthority(RaConfig.fromJson(config)).use { ra ->
            val small = transferred(ra, Repo.fixture("specimen/document_front.jpg"), Repo.fixture("specimen.mp4"), send = true)
            if (what.endsWith("read_back")) ra.getRequest(small)
            println("ready")
            readlnOrNull()
            when (what) {
                "upload" -> transferred(ra, File(folder, "large.jpg"), File(folder, "large.mp4"), send = true)
                "control_upload" -> transferred(ra, File(folder, "large.jpg"), File(folder, "large.mp4"), send = false)
                "read_back" -> repeat(20) { ra.getRequest(RequestPk(args[3].toLong())) }
                "control_read_back" -> repeat(20) { ra.getRequest(small) }
                else -> error("unknown part: $what")
            }
            println("done")
            readlnOrNull()
        }
        Unit
    }

    /** All that an upload needs, and the upload itself where it is asked for. */
    private suspend fun transferred(ra: RegistrationAuthority, image: File, video: File, send: Boolean): RequestPk {
        val card = ra.getFirstUnusedScratchcard()
        val request = ra.createRequest(
            NewRequest.fromJson("""{"profile":"PFnubeQAFCiudadano","scratchcard":"${card.sn.value}","email":"anna@example.com","videoid_mode":1}"""),
        )
        val evidence = Evidence.build {
            documentFront(image)
            documentRear(image)
            documentPhoto(image)
            documentOwner(image)
        }
        if (send) {
            val watched = RequestOptions(onProgress = { })
            ra.uploadEvidence(request.pk, evidence, watched)
            ra.uploadVideo(checkNotNull(request.videoidData?.videoIdentifier), Source.of(video), watched)
        }
        return request.pk
    }
}
