import VideoID

/// The calls of the workflows of the One-Shot API.
extension Calls {
    static let oneShotEidas = "one_shot_eidas_"
    static let oneShotExternal = "one_shot_external_"

    /// The call's result; nil where it is no call of such a workflow, or not of the scenario's.
    func ofOneShotWorkflow(_ name: String, _ args: Given, _ options: RequestOptions) async throws -> JSON? {
        guard let prefix = [Calls.oneShotEidas, Calls.oneShotExternal].first(where: { name.hasPrefix($0) }) else { return nil }
        let step = String(name.dropFirst(prefix.count))
        if step == "resume" {
            try args.only(["state"])
            try resumeOneShot(name, state: args.args["state"])
            return .null
        }
        let flow = try oneShotFlow(name)
        guard (flow is OneShotEidas) == (prefix == Calls.oneShotEidas) else { return nil }
        if let result = try await toTheOfficer(step, flow, args, options) { return result }
        if let result = try await decision(step, flow, args, options) { return result }
        return try await signature(step, flow, args, options)
    }

    private func toTheOfficer(_ step: String, _ flow: OneShotWorkflow, _ args: Given, _ options: RequestOptions) async throws -> JSON? {
        if let flow = flow as? OneShotExternal, step == "submit" {
            try args.only(["videoid", "evidence", "video"])
            return try wire(
                try await flow.submit(
                    try args.model("videoid"), evidence: try args.evidence("evidence"), video: try args.source("video"), options: options))
        }
        guard let flow = flow as? OneShotEidas else { return nil }
        switch step {
        case "start":
            try args.only(["videoid"])
            return try wire(try await flow.start(try args.model("videoid"), options: options))
        case "wait_for_user":
            try args.only(Calls.limits)
            let (deadline, poll, most) = (try args.seconds("deadline_ms"), try args.seconds("poll_ms", or: 2), try args.seconds("max_poll_ms", or: 60))
            let inbox = args.inbox
            return try await meanwhile.beside(args.args["meanwhile"]?.array ?? []) {
                try wire(try await flow.waitForUser(deadline: deadline, poll: poll, maxPoll: most, inbox: inbox, options: options))
            }
        default: return nil
        }
    }

    private func decision(_ step: String, _ flow: OneShotWorkflow, _ args: Given, _ options: RequestOptions) async throws -> JSON? {
        switch step {
        case "validate":
            try args.only(["rao"])
            return try wire(try await flow.validate(try args.model("rao"), options: options))
        case "approve":
            try args.only(["rao"])
            return try wire(try await flow.approve(try args.model("rao"), options: options))
        case "refuse":
            try args.only(["rao", "reason"])
            return try wire(try await flow.refuse(try args.model("rao"), reason: try args.text("reason"), options: options))
        case "look":
            try args.only([])
            return try wire(try await flow.look(options: options))
        case "adopt":
            try args.only(["handle"])
            try await flow.adopt(try args.model("handle"))
            return .null
        case "create_anew":
            try args.only([])
            try await flow.createAnew()
            return .null
        case "cancel":
            try args.only([])
            try await flow.cancel(options: options)
            return .null
        default: return nil
        }
    }

    private func signature(_ step: String, _ flow: OneShotWorkflow, _ args: Given, _ options: RequestOptions) async throws -> JSON? {
        switch step {
        case "documents":
            try args.only(["documents"])
            return try wire(try await flow.documents(try args.sources("documents"), options: options))
        case "contract":
            try args.only(["path"])
            return try wire(try await flow.contract(to: try args.file("path"), options: options))
        case "contract_shown":
            try args.only([])
            try await flow.contractShown()
            return .null
        case "otp":
            try args.only(["delivery_method"])
            let method = args.has("delivery_method") ? OtpDelivery.from(try args.text("delivery_method")) : nil
            return try wire(try await flow.otp(method, options: options))
        case "sign":
            try args.only(["signing"])
            return try wire(try await flow.sign(try args.model("signing"), options: options))
        case "save":
            try args.only(["folder"])
            return try wire(try await flow.save(to: try args.file("folder"), options: options))
        case "delete":
            try args.only(["folder"])
            return try wire(try await flow.delete(savedIn: try args.file("folder"), options: options))
        default: return nil
        }
    }
}
