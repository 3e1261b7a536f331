import Foundation
import VideoID

extension Story {
    /// Of a person as part of a company: not a natural person alone, so the request is completed after the operator's validation.
    private static let profile = "PFnubeQAFEmpresa"

    /// eIDAS VideoID: the user identifies on the vendor's page, the vendor's operator validates, the officer completes and approves.
    func eidas(_ ra: RegistrationAuthority) async throws {
        let rao = try officer()
        let told = Told()
        let workflow = EidasVideoID(ra, onEvent: told.event)
        // The service mails the link to the user. `started.videoidLink` has it too, for a page of one's own; it is never printed.
        let started = try await workflow.start(
            NewRequest(profile: Self.profile, email: "anna@example.com", mobilePhoneNumber: "+34600000000"))

        // In a service a day rather than a minute, and with a `WebhookInbox` that hears of each change at once.
        Output.say([("event", .text("waiting")), ("for", .text("user"))])
        let seen = try await workflow.waitForUser(deadline: 60, poll: 0.2, maxPoll: 1)
        if seen.status == .videoIncomplete || seen.status == .videoError {
            // `seen.waysOn` says what is open now: hand the link over again, update the request, or cancel and take a new card.
            return done(seen.status, seen.requestPk, seen.videoidStatus)
        }
        Output.say([("event", .text("waiting")), ("for", .text("operator"))])
        let judged = try await workflow.waitForOperator(deadline: 60, poll: 0.2, maxPoll: 1)
        if judged.status != .created || judged.videoidStatus == "REFUSED" {
            // Refused; or ready at once, as the profiles of natural persons are.
            return done(judged.status, judged.requestPk, judged.videoidStatus)
        }

        let document = EvidenceDocument(label: "Company register extract", document: try source("document"))
        try await workflow.complete(update(started.scratchcard), documents: [document], options: told.options)
        try keep(try await workflow.papers(raoID: rao.raoId))
        let approved = try await workflow.approve(rao)
        done(approved.status, approved.requestPk, approved.videoidStatus)
    }

    /// What the video does not show: the company, and the person's place in it.
    private func update(_ scratchcard: ScratchcardSn) -> RequestUpdate {
        RequestUpdate(
            profile: Self.profile, scratchcard: scratchcard, email: "anna@example.com", countryName: "ES", validityTime: 730, secureElement: 2,
            mobilePhoneNumber: "+34600000000", title: "Manager", organizationName: "EXAMPLE UTOPIA SL", organizationTaxNumber: "B00000000",
            organizationEmail: "office@example.com", organizationCountry: "ES", responsibleName: "ANNA MARIA", responsibleFirstSurname: "ERIKSSON",
            responsibleSerial: "D23145890")
    }
}
