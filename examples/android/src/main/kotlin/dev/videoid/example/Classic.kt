package dev.videoid.example

import dev.videoid.ClassicDocument
import dev.videoid.ClassicRequest
import dev.videoid.DocumentType
import dev.videoid.NewRequest
import dev.videoid.RegistrationAuthority

/** Classic: the officer has identified the holder; the documents are uploaded, and the officer approves. */
suspend fun classic(ra: RegistrationAuthority, arguments: Arguments) {
    val told = Told()
    ClassicRequest(ra, onEvent = told).use { workflow ->
        val request = NewRequest(
            profile = "PFnubeQAFCiudadano",
            email = "anna@example.com",
            mobilePhoneNumber = "+34600000000",
            givenName = "ANNA MARIA",
            surname1 = "ERIKSSON",
            serialNumber = "D23145890",
            idDocumentType = "IDC",
            idDocumentCountry = "ES",
            countryName = "ES",
            validityTime = 730,
            secureElement = 2,
        )
        val documents = listOf(
            ClassicDocument(DocumentType.DocumentFront, arguments.file("front")),
            ClassicDocument(DocumentType.DocumentRear, arguments.file("rear")),
            ClassicDocument(DocumentType.DocumentOwner, arguments.file("owner")),
            ClassicDocument(DocumentType.ExtraDocument, arguments.file("document")),
        )
        workflow.submit(request, documents, told.options())
        keep(workflow.papers(arguments.rao.raoId), arguments.out)
        val approved = workflow.approve(arguments.rao)
        done(approved.status, approved.requestPk, approved.videoidStatus)
    }
}
