import Foundation
import VideoID

extension Story {
    /// Classic: the officer has identified the holder; the documents are uploaded, and the officer approves.
    func classic(_ ra: RegistrationAuthority) async throws {
        let rao = try officer()
        let told = Told()
        let workflow = ClassicRequest(ra, onEvent: told.event)
        let request = NewRequest(
            profile: "PFnubeQAFCiudadano", email: "anna@example.com", validityTime: 730, secureElement: 2, countryName: "ES", idDocumentType: "IDC",
            idDocumentCountry: "ES", serialNumber: "D23145890", givenName: "ANNA MARIA", surname1: "ERIKSSON", mobilePhoneNumber: "+34600000000")
        let documents = [
            ClassicDocument(.documentFront, document: try source("front")),
            ClassicDocument(.documentRear, document: try source("rear")),
            ClassicDocument(.documentOwner, document: try source("owner")),
            ClassicDocument(.extraDocument, document: try source("document")),
        ]
        _ = try await workflow.submit(request, documents: documents, options: told.options)
        try keep(try await workflow.papers(raoID: rao.raoId))
        let approved = try await workflow.approve(rao)
        done(approved.status, approved.requestPk, approved.videoidStatus)
    }
}
