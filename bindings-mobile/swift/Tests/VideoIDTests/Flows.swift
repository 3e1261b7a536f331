import VideoID

/// The calls of workflows, whichever of the three a scenario has.
extension Calls {
    static let limits = ["deadline_ms", "poll_ms", "max_poll_ms", "inbox", "meanwhile"]

    /// The call's result; nil where it is no call of the scenario's workflow.
    func ofWorkflow(_ name: String, _ args: Given, _ options: RequestOptions) async throws -> JSON? {
        guard ["workflow_", "eidas_", "classic_"].contains(where: { name.hasPrefix($0) }) else { return nil }
        if name.hasSuffix("_resume") {
            try args.only(["state"])
            try resume(name, state: args.args["state"])
            return .null
        }
        let flow = try flow(name)
        switch name {
        case "workflow_ways_on":
            try args.only([])
            return words(flow.waysOn)
        case "workflow_cancel":
            try args.only([])
            return try wire(try await flow.cancel(options: options))
        default: break
        }
        if let flow = flow as? ExternalVideoID { return try await external(name, flow, args, options) }
        if let flow = flow as? EidasVideoID { return try await eidas(name, flow, args, options) }
        if let flow = flow as? ClassicRequest { return try await classic(name, flow, args, options) }
        return nil
    }

    private func external(_ name: String, _ flow: ExternalVideoID, _ args: Given, _ options: RequestOptions) async throws -> JSON? {
        switch name {
        case "workflow_submit":
            try args.only(["request", "evidence", "video"])
            return try wire(
                try await flow.submit(
                    try args.model("request"), evidence: try args.evidence("evidence"), video: try args.source("video"), options: options))
        case "workflow_validate":
            try args.only(["rao"])
            return try wire(try await flow.validate(try args.model("rao"), options: options))
        case "workflow_approve":
            try args.only(["rao"])
            return try wire(try await flow.approve(try args.model("rao"), options: options))
        case "workflow_refuse":
            try args.only(["rao", "reason"])
            return try wire(try await flow.refuse(try args.model("rao"), reason: try args.text("reason"), options: options))
        default: return nil
        }
    }

    private func eidas(_ name: String, _ flow: EidasVideoID, _ args: Given, _ options: RequestOptions) async throws -> JSON? {
        switch name {
        case "eidas_start":
            try args.only(["request"])
            return try wire(try await flow.start(try args.model("request"), options: options))
        case "eidas_wait_for_user", "eidas_wait_for_operator":
            try args.only(Calls.limits)
            let (deadline, poll, most) = (try args.seconds("deadline_ms"), try args.seconds("poll_ms", or: 2), try args.seconds("max_poll_ms", or: 60))
            let inbox = args.inbox
            return try await meanwhile.beside(args.args["meanwhile"]?.array ?? []) {
                let progressed =
                    name == "eidas_wait_for_user"
                    ? try await flow.waitForUser(deadline: deadline, poll: poll, maxPoll: most, inbox: inbox, options: options)
                    : try await flow.waitForOperator(deadline: deadline, poll: poll, maxPoll: most, inbox: inbox, options: options)
                return try wire(progressed)
            }
        case "eidas_complete":
            try args.only(["update", "documents"])
            let update: RequestUpdate? = args.has("update") ? try args.model("update") : nil
            let documents = try (args.args["documents"]?.array ?? []).map { own in
                try Given(calls: self, args: own).only(["label", "document"])
                return EvidenceDocument(label: try own.text("label"), document: try source(own.need("document")))
            }
            return try wire(try await flow.complete(update, documents: documents, options: options))
        case "eidas_papers":
            try args.only(["rao_id"])
            return try wire(try await flow.papers(raoID: try args.text("rao_id"), options: options))
        case "eidas_approve":
            try args.only(["rao"])
            return try wire(try await flow.approve(try args.model("rao"), options: options))
        default: return nil
        }
    }

    private func classic(_ name: String, _ flow: ClassicRequest, _ args: Given, _ options: RequestOptions) async throws -> JSON? {
        switch name {
        case "classic_submit":
            try args.only(["request", "documents"])
            let documents = try (args.args["documents"]?.array ?? []).map { own in
                try Given(calls: self, args: own).only(["document_type", "document"])
                return ClassicDocument(DocumentType.from(try own.text("document_type")), document: try source(own.need("document")))
            }
            return try wire(try await flow.submit(try args.model("request"), documents: documents, options: options))
        case "classic_papers":
            try args.only(["rao_id"])
            return try wire(try await flow.papers(raoID: try args.text("rao_id"), options: options))
        case "classic_approve":
            try args.only(["rao"])
            return try wire(try await flow.approve(try args.model("rao"), options: options))
        default: return nil
        }
    }
}
